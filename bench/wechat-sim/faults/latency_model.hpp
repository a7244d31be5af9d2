// How long an answer takes.
#pragma once

#include "bench/wechat-sim/generator.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// Written as text, in milliseconds:
//   fixed:80            always 80
//   uniform:30:600      evenly between 30 and 600
//   lognormal:80:0.6    half of them below 80; the logarithms deviate by 0.6
class latency_model {
public:
    // nullopt when the text is none of the above, or goes beyond ten minutes.
    [[nodiscard]] static std::optional<latency_model> parse(std::string_view text);

    latency_model() = default; // no latency

    [[nodiscard]] std::chrono::milliseconds draw(generator& numbers) const;
    [[nodiscard]] bool is_none() const noexcept { return shape_ == shape::fixed && first_ == 0; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    enum class shape : unsigned char {
        fixed,
        uniform,
        lognormal,
    };
    std::string text_{"fixed:0"};
    shape shape_{shape::fixed};
    double first_{0};
    double second_{0};
};

} // namespace wxlogind::wechat_sim
