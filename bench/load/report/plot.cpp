#include "bench/load/report/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace wxlogind::load {

namespace {

constexpr double width = 860;
constexpr double height = 300;
constexpr double left = 86;
constexpr double right = 26;
constexpr double top = 12;
constexpr double bottom = 44;

std::string number(double value) {
    std::array<char, 32> text{};
    const int size = std::snprintf(text.data(), text.size(), "%.1f", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

// 0 to 1.
double place_on(const axis& of, double value) {
    const double bounded = std::clamp(value, of.low, of.high);
    if (of.is_logarithmic) return std::log(bounded / of.low) / std::log(of.high / of.low);
    return (bounded - of.low) / (of.high - of.low);
}

std::string text_at(const char* css, const std::string& x, const std::string& y, const std::string& text) {
    return std::string{"<text class=\""} + css + "\" x=\"" + x + "\" y=\"" + y + "\">" + escaped(text) +
           "</text>";
}

} // namespace

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char c : text) switch (c) {
        case '<': safe += "&lt;"; break;
        case '>': safe += "&gt;"; break;
        case '&': safe += "&amp;"; break;
        case '"': safe += "&quot;"; break;
        default: safe += c;
        }
    return safe;
}

axis linear_axis(std::string title, double highest, const std::function<std::string(double)>& label) {
    axis made;
    made.title = std::move(title);
    const double reach = highest > 0 ? highest : 1;
    const double power = std::pow(10, std::floor(std::log10(reach / 5)));
    double step = power;
    for (const double factor : {2.0, 5.0, 10.0})
        if (reach / step > 6) step = power * factor;
    made.high = std::ceil(reach * 1.02 / step) * step;
    const auto steps = static_cast<int>(std::lround(made.high / step));
    for (int count = 0; count <= steps; ++count) made.ticks.push_back({count * step, label(count * step)});
    return made;
}

axis logarithmic_axis(
    std::string title, double lowest, double highest, const std::function<std::string(double)>& label) {
    axis made;
    made.title = std::move(title);
    made.is_logarithmic = true;
    made.low = std::pow(10, std::floor(std::log10(lowest)));
    made.high = std::pow(10, std::ceil(std::log10(highest * 1.0001)));
    // Where the decades are few, their parts have room.
    const double decades = std::log10(made.high / made.low);
    const std::vector<double> parts = decades > 3.5 ? std::vector{1.0} : std::vector{1.0, 2.0, 5.0};
    for (int power = 0; power <= static_cast<int>(std::lround(decades)); ++power)
        for (const double part : parts) {
            const double at = made.low * std::pow(10, power) * part;
            if (at <= made.high * 1.0001) made.ticks.push_back({at, label(at)});
        }
    // Not more paper than needed.
    while (made.ticks.size() > 2 && made.ticks[1].at <= lowest) made.ticks.erase(made.ticks.begin());
    while (made.ticks.size() > 2 && made.ticks[made.ticks.size() - 2].at >= highest) made.ticks.pop_back();
    made.low = made.ticks.front().at;
    made.high = made.ticks.back().at;
    return made;
}

plot::plot(std::string label, axis x, axis y)
    : label_{std::move(label)}, x_{std::move(x)}, y_{std::move(y)} {}

std::string plot::x_of(double value) const {
    return number(left + place_on(x_, value) * (width - left - right));
}

std::string plot::y_of(double value) const {
    return number(height - bottom - place_on(y_, value) * (height - top - bottom));
}

std::string plot::path_of(const std::vector<plot_point>& points) const {
    std::string path;
    for (const auto& [x, y] : points) path += (path.empty() ? "M" : "L") + x_of(x) + " " + y_of(y);
    return path;
}

void plot::add_legend(int colour, const char* kind, const std::string& name) {
    if (name.empty()) return;
    legend_ += "<span><i class=\"" + std::string{kind} + " c" + std::to_string(colour) + "\"></i>" +
               escaped(name) + "</span>";
}

void plot::add_line(int colour, const std::string& name, const std::vector<plot_point>& points) {
    if (points.empty()) return;
    lines_ += "<path class=\"line c" + std::to_string(colour) + "\" d=\"" + path_of(points) + "\"/>";
    add_legend(colour, "line", name);
}

void plot::add_level(int colour, const std::string& name, double y) {
    lines_ += "<path class=\"level c" + std::to_string(colour) + "\" d=\"" +
              path_of({{x_.low, y}, {x_.high, y}}) + "\"/>";
    add_legend(colour, "level", name);
}

void plot::add_band(
    int colour, const std::string& name, const std::vector<double>& x, const std::vector<double>& low,
    const std::vector<double>& high) {
    if (x.size() < 2) return;
    std::vector<plot_point> around;
    around.reserve(2 * x.size());
    for (std::size_t at = 0; at < x.size(); ++at) around.emplace_back(x[at], high[at]);
    for (std::size_t at = x.size(); at-- > 0;) around.emplace_back(x[at], low[at]);
    below_ += "<path class=\"band c" + std::to_string(colour) + "\" d=\"" + path_of(around) + "Z\"/>";
    add_legend(colour, "band", name);
}

void plot::add_shade(const std::string& name, double from, double to) {
    if (to <= from) return;
    const double begin = left + place_on(x_, from) * (width - left - right);
    const double end = left + place_on(x_, to) * (width - left - right);
    below_ += "<rect class=\"shade\" x=\"" + number(begin) + "\" y=\"" + number(top) + "\" width=\"" +
              number(end - begin) + "\" height=\"" + number(height - top - bottom) + "\"/>";
    add_legend(0, "shade", name);
}

void plot::add_mark(int colour, plot_point at, const std::string& text) {
    lines_ += "<circle class=\"mark c" + std::to_string(colour) + "\" cx=\"" + x_of(at.first) + "\" cy=\"" +
              y_of(at.second) + "\" r=\"4.5\"><title>" + escaped(text) + "</title></circle>";
}

std::string plot::svg() const {
    std::string text = "<div class=\"legend\">" + legend_ + "</div><svg viewBox=\"0 0 " + number(width) +
                       " " + number(height) + "\" role=\"img\" aria-label=\"" + escaped(label_) + "\">" +
                       below_;
    const std::string floor = number(height - bottom);
    for (const tick& each : y_.ticks) {
        const std::string y = y_of(each.at);
        text.append("<path class=\"grid\" d=\"M").append(number(left)).append(" ").append(y);
        text.append("H").append(number(width - right)).append("\"/>");
        text += text_at("ylabel", number(left - 8), y, each.label);
    }
    for (const tick& each : x_.ticks) {
        const std::string x = x_of(each.at);
        text.append("<path class=\"grid\" d=\"M").append(x).append(" ").append(number(top));
        text.append("V").append(floor).append("\"/>");
        text += text_at("xlabel", x, number(height - bottom + 18), each.label);
    }
    text += text_at("title", number((left + width - right) / 2), number(height - 6), x_.title);
    text += "<text class=\"title\" transform=\"translate(14 " + number((top + height - bottom) / 2) +
            ") rotate(-90)\">" + escaped(y_.title) + "</text>";
    return text + lines_ + "</svg>";
}

} // namespace wxlogind::load
