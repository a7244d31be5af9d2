#include "tests/monitoring/selectors.hpp"

#include <regex>

namespace wxlogind::test {

namespace {

using matches = std::regex_iterator<std::string_view::const_iterator>;

void collect(std::string_view text, const std::regex& what, std::set<std::string>& to) {
    for (matches at{text.begin(), text.end(), what}, end; at != end; ++at) to.insert(at->str(1));
}

} // namespace

std::vector<selector> selectors_in(std::string_view text) {
    static const std::regex metric{R"(\b((?:wxlogind|process)_[a-z0-9_]+)\b(?:\{([^}]*)\})?)"};
    static const std::regex matcher{R"(([a-z_][a-z0-9_]*)\s*(?:=~|!~|!=|=)\s*")"};
    std::vector<selector> all;
    for (matches at{text.begin(), text.end(), metric}, end; at != end; ++at) {
        selector found{.metric = at->str(1), .labels = {}};
        const std::string inside = at->str(2);
        collect(inside, matcher, found.labels);
        all.push_back(std::move(found));
    }
    return all;
}

std::set<std::string> grouping_labels_in(std::string_view expression) {
    static const std::regex group{R"(\b(?:by|without|on|ignoring)\s*\(([^)]*)\))"};
    static const std::regex name{R"(([a-z_][a-z0-9_]*))"};
    std::set<std::string> all;
    for (matches at{expression.begin(), expression.end(), group}, end; at != end; ++at) {
        const std::string inside = at->str(1);
        collect(inside, name, all);
    }
    return all;
}

std::set<std::string> template_labels_in(std::string_view text) {
    static const std::regex label{R"(\{\{\s*(?:\$labels\.)?([a-z_][a-z0-9_]*)\s*\}\})"};
    std::set<std::string> all;
    collect(text, label, all);
    return all;
}

} // namespace wxlogind::test
