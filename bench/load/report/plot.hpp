// Plots as SVG that stands in a page: colours are the page's (see page_style.cpp).
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace wxlogind::load {

struct tick {
    double at{0};
    std::string label{};
};

struct axis {
    std::string title{};
    double low{0};
    double high{1};
    bool is_logarithmic{false}; // then low > 0
    std::vector<tick> ticks{};
};

// From 0 to a round number above `highest`.
[[nodiscard]] axis
linear_axis(std::string title, double highest, const std::function<std::string(double)>& label);
// From a round number below `lowest` to one above `highest`; both > 0.
[[nodiscard]] axis logarithmic_axis(
    std::string title, double lowest, double highest, const std::function<std::string(double)>& label);

using plot_point = std::pair<double, double>;

class plot {
public:
    // `label`: what it shows, for those who cannot see it.
    plot(std::string label, axis x, axis y);

    // Colours are named by number, 1 to 4.
    void add_line(int colour, const std::string& name, const std::vector<plot_point>& points);
    // Dashed.
    void add_level(int colour, const std::string& name, double y);
    // Between two curves, over the same x.
    void add_band(
        int colour, const std::string& name, const std::vector<double>& x, const std::vector<double>& low,
        const std::vector<double>& high);
    // A part of the x axis that counts differently.
    void add_shade(const std::string& name, double from, double to);
    // With a text that shows when one points there.
    void add_mark(int colour, plot_point at, const std::string& text);

    [[nodiscard]] std::string svg() const;

private:
    [[nodiscard]] std::string x_of(double value) const;
    [[nodiscard]] std::string y_of(double value) const;
    [[nodiscard]] std::string path_of(const std::vector<plot_point>& points) const;
    void add_legend(int colour, const char* kind, const std::string& name);

    std::string label_;
    axis x_;
    axis y_;
    std::string below_{}; // what lies under the lines
    std::string lines_{};
    std::string legend_{};
};

// For text and attributes of a page.
[[nodiscard]] std::string escaped(const std::string& text);

} // namespace wxlogind::load
