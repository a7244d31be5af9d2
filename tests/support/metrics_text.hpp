// A scrape, taken apart by the rules of Prometheus' text format.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wxlogind::test {

class metrics_text {
public:
    // Throws std::runtime_error for a line that is none of the format.
    explicit metrics_text(std::string text) : text_{std::move(text)} {
        std::istringstream lines{text_};
        for (std::string line; std::getline(lines, line);) take(line);
    }

    [[nodiscard]] const std::string& text() const noexcept { return text_; }

    // Of the sample with exactly these labels, as they stand in the text; 0 when it is not there.
    [[nodiscard]] double value(const std::string& name, const std::string& labels = {}) const {
        return find(name, labels).value_or(0);
    }
    [[nodiscard]] std::optional<double> find(const std::string& name, const std::string& labels = {}) const {
        const auto found = samples_.find({name, labels});
        return found == samples_.end() ? std::nullopt : std::optional{found->second};
    }
    // Of all samples of that name whose labels hold `part`.
    [[nodiscard]] double sum(std::string_view name, std::string_view part = {}) const {
        double all = 0;
        for (const auto& [of, value] : samples_)
            if (of.first == name && of.second.find(part) != std::string::npos) all += value;
        return all;
    }
    // Names of samples: of a histogram those with _bucket, _sum and _count.
    [[nodiscard]] std::set<std::string> names() const {
        std::set<std::string> all;
        for (const auto& [of, value] : samples_) all.insert(of.first);
        return all;
    }
    [[nodiscard]] std::size_t samples() const noexcept { return samples_.size(); }

private:
    void take(const std::string& line) {
        if (line.empty() || line.starts_with('#')) return;
        const auto blank = line.rfind(' ');
        const auto brace = line.find('{');
        if (blank == std::string::npos) throw std::runtime_error{"not a sample: " + line};
        const auto end_of_name = std::min(brace, blank);
        std::string labels;
        if (brace < blank) labels = line.substr(brace + 1, line.rfind('}', blank) - brace - 1);
        const bool is_new =
            samples_.emplace(std::pair{line.substr(0, end_of_name), labels}, std::stod(line.substr(blank)))
                .second;
        if (!is_new) throw std::runtime_error{"twice in one scrape: " + line};
    }

    std::string text_;
    std::map<std::pair<std::string, std::string>, double> samples_;
};

} // namespace wxlogind::test
