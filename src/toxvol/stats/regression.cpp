#include "toxvol/stats/regression.hpp"

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "toxvol/core/assert.hpp"
#include "toxvol/stats/matrix.hpp"
#include "toxvol/stats/moments.hpp"

namespace toxvol::stats {

namespace {

using Vector = std::vector<double>;

/// What is left of a column after those before it is nothing where it is a smaller share than this.
constexpr double kExplained = 1e-10;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

void subtract(Vector& from, double times, std::span<const double> vector) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= times * vector[i];
}

/// X = QR of the columns that are not explained by those before them (modified Gram–Schmidt,
/// twice).
struct Factors {
  std::vector<std::size_t> columns;  // kept
  std::vector<Vector> x;             // those columns
  std::vector<Vector> q;
  std::vector<Vector> r;  // r[j][i]: share of q[i] in column j, i ≤ j
};

Factors factorise(const MatrixView& x) {
  Factors result;
  for (std::size_t j = 0; j < x.columns; ++j) {
    const Vector column = x.column(j);
    Vector rest = column;
    Vector r(result.q.size(), 0.0);
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t i = 0; i < result.q.size(); ++i) {
        const double part = dot(result.q[i], rest);
        r[i] += part;
        subtract(rest, part, result.q[i]);
      }
    }
    const double norm = std::sqrt(dot(rest, rest));
    if (norm <= kExplained * std::sqrt(dot(column, column))) continue;
    for (double& value : rest) value /= norm;
    r.push_back(norm);
    result.columns.push_back(j);
    result.x.push_back(column);
    result.q.push_back(std::move(rest));
    result.r.push_back(std::move(r));
  }
  return result;
}

/// Rθ = c, R upper triangular.
Vector back_substitute(const Factors& factors, Vector c) {
  for (std::size_t i = c.size(); i-- > 0;) {
    c[i] /= factors.r[i][i];
    for (std::size_t k = 0; k < i; ++k) c[k] -= factors.r[i][k] * c[i];
  }
  return c;
}

/// A square matrix by rows.
Vector product(const Vector& a, const Vector& b, std::size_t size) {
  Vector result(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t k = 0; k < size; ++k) {
      for (std::size_t j = 0; j < size; ++j) {
        result[i * size + j] += a[i * size + k] * b[k * size + j];
      }
    }
  }
  return result;
}

/// (X'X)⁻¹ = R⁻¹R⁻ᵀ.
Vector inverse_gram(const Factors& factors) {
  const std::size_t size = factors.columns.size();
  Vector inverse(size * size, 0.0);  // R⁻¹, by rows
  for (std::size_t j = 0; j < size; ++j) {
    Vector unit(size, 0.0);
    unit[j] = 1.0;
    const Vector solved = back_substitute(factors, std::move(unit));
    for (std::size_t i = 0; i < size; ++i) inverse[i * size + j] = solved[i];
  }
  Vector transposed(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) transposed[j * size + i] = inverse[i * size + j];
  }
  return product(inverse, transposed, size);
}

/// S = Γ₀ + Σ_{k≤lags}(1 − k/(lags+1))(Γ_k + Γ_k'), Γ_k = Σ u_t u'_{t−k}, u = x·residual.
Vector long_run_products(const Factors& factors, std::span<const double> residuals,
                         std::size_t lags) {
  const std::size_t size = factors.columns.size();
  std::vector<Vector> u = factors.x;
  for (Vector& column : u) {
    for (std::size_t t = 0; t < column.size(); ++t) column[t] *= residuals[t];
  }
  const std::size_t n = residuals.size();
  Vector sum(size * size, 0.0);
  for (std::size_t k = 0; k <= lags && k < n; ++k) {
    const double weight = 1.0 - static_cast<double>(k) / static_cast<double>(lags + 1);
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t j = 0; j < size; ++j) {
        const double gamma = dot(std::span{u[i]}.subspan(k), std::span{u[j]}.first(n - k));
        sum[i * size + j] += weight * gamma;
        if (k > 0) sum[j * size + i] += weight * gamma;
      }
    }
  }
  return sum;
}

}  // namespace

Regression regress(std::span<const double> y, const MatrixView& x, std::size_t lags) {
  TOXVOL_ASSERT(y.size() == x.rows);
  const Factors factors = factorise(x);
  Vector residuals(y.begin(), y.end());
  Vector shares;
  for (const Vector& q : factors.q) {
    shares.push_back(dot(q, residuals));
    subtract(residuals, shares.back(), q);
  }
  const Vector theta = back_substitute(factors, std::move(shares));
  const std::size_t size = factors.columns.size();
  const Vector bread = inverse_gram(factors);
  const Vector covariance =
      product(product(bread, long_run_products(factors, residuals, lags), size), bread, size);

  Regression result;
  result.coefficients.resize(x.columns);
  result.errors.resize(x.columns);
  result.covariance.resize(x.columns * x.columns);
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t row = factors.columns[i];
    const double variance = covariance[i * size + i];
    result.coefficients[row] = theta[i];
    if (variance >= 0.0) result.errors[row] = std::sqrt(variance);
    for (std::size_t j = 0; j < size; ++j) {
      result.covariance[row * x.columns + factors.columns[j]] = covariance[i * size + j];
    }
  }
  const Moments of_y = moments_of(y);
  const std::optional<double> deviation = of_y.population_deviation();
  if (of_y.has_spread() && deviation) {
    const double total = *deviation * *deviation * static_cast<double>(y.size());
    result.r2 = 1.0 - dot(residuals, residuals) / total;
  }
  return result;
}

}  // namespace toxvol::stats
