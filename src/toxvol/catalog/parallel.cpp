#include "toxvol/catalog/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace toxvol::catalog {

void in_parallel(std::size_t count, int jobs, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::exception_ptr failure;
  const auto run = [&] {
    while (!stop) {
      const std::size_t i = next++;
      if (i >= count) return;
      try {
        work(i);
      } catch (const std::exception&) {
        const std::scoped_lock lock{mutex};
        if (!failure) failure = std::current_exception();
        stop = true;
      }
    }
  };
  std::vector<std::jthread> threads;
  const auto wanted = std::min(count, static_cast<std::size_t>(std::max(jobs, 1)));
  for (std::size_t i = 1; i < wanted; ++i) threads.emplace_back(run);
  run();
  threads.clear();  // joins
  if (failure) std::rethrow_exception(failure);
}

}  // namespace toxvol::catalog
