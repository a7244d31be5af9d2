// A unit file's lines, as systemd.syntax(7) says, without what ours do not use.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

class unit_file {
public:
    explicit unit_file(const std::string& path) {
        std::ifstream file{path};
        if (!file) throw std::runtime_error{"cannot read " + path};
        for (std::string line; std::getline(file, line);)
            if (!line.empty() && line.front() != '#') lines_.push_back(line);
    }

    // The values of all lines with that key, in order.
    [[nodiscard]] std::vector<std::string> all(std::string_view key) const {
        std::vector<std::string> values;
        for (const std::string& line : lines_)
            if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == '=')
                values.push_back(line.substr(key.size() + 1));
        return values;
    }
    // Of a key that stands there once. Throws when it does not.
    [[nodiscard]] std::string only(std::string_view key) const {
        const auto values = all(key);
        if (values.size() != 1) throw std::runtime_error{"not once in the unit: " + std::string{key}};
        return values.front();
    }

    static std::vector<std::string> words_of(const std::string& value) {
        std::istringstream text{value};
        std::vector<std::string> words;
        for (std::string word; text >> word;) words.push_back(word);
        return words;
    }

private:
    std::vector<std::string> lines_;
};

} // namespace wxlogind::test
