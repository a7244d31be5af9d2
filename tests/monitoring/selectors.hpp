// Which metrics an expression of Prometheus, or a text about them, speaks of.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace wxlogind::test {

// wxlogind_things_total{kind="blue", size!~"x.*"}
struct selector {
    std::string metric;
    std::set<std::string> labels; // of its matchers
};

// All metrics of ours and of the process in `text`, each as often as it is there.
[[nodiscard]] std::vector<selector> selectors_in(std::string_view text);

// Names that are grouped or matched by: of "by (…)", "without (…)", "on (…)", "ignoring (…)".
[[nodiscard]] std::set<std::string> grouping_labels_in(std::string_view expression);

// {{ $labels.name }} and {{name}}.
[[nodiscard]] std::set<std::string> template_labels_in(std::string_view text);

} // namespace wxlogind::test
