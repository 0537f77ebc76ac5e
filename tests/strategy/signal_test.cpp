#include "toxvol/strategy/toxvol.hpp"
#include "toxvol/trading/concepts.hpp"
#include <gtest/gtest.h>
namespace toxvol::strategy {
namespace {
struct M { void on(const Metrics&){} void on(const Funding&){} const factors::FactorRow& update(const MinuteRow&){return r;} factors::FactorRow r; };
static_assert(trading::Strategy<BasicToxVol<M>>);
}
}
