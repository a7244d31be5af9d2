#include "handlers/admission/admission.hpp"

#include <algorithm>

namespace wxlogind::handlers {

void describe(const std::vector<admission*>& of, metrics::report& to) {
    for (const lane in : {lane::logins, lane::refreshes}) {
        const std::string_view name = in == lane::logins ? "logins" : "refreshes";
        std::uint64_t inside = 0;
        std::uint64_t refused = 0;
        std::uint64_t limiting = 0;
        std::uint64_t longest = 0;
        for (const admission* each : of) {
            const admission::figures& figures = each->figures_of(in);
            inside += figures.inside.value();
            refused += figures.refused.value();
            limiting += figures.limit.value() != 0 ? 1 : 0;
            longest = std::max(longest, figures.queue_micros.value());
        }
        to.gauge("wxlogind_admission_inside", "Requests that were let in and are not answered yet.")
            .add(inside, {{"lane", name}});
        to.counter("wxlogind_admission_refused_total", "Requests that were turned away under overload.")
            .add(refused, {{"lane", name}});
        to.gauge("wxlogind_admission_limiting_reactors", "Reactors that let in only so many at a time now.")
            .add(limiting, {{"lane", name}});
        to.gauge(
              "wxlogind_admission_queue_seconds",
              "How long one that comes now has to wait, on the reactor where it is longest.")
            .add_number(static_cast<double>(longest) / 1e6, {{"lane", name}});
    }
    std::uint64_t held = 0;
    std::uint64_t held_ever = 0;
    for (const admission* each : of) {
        held += each->refusals().shown().held.value();
        held_ever += each->refusals().shown().held_ever.value();
    }
    to.gauge(
          "wxlogind_admission_held",
          "Requests that were turned away and are told so later, as the processor has no time.")
        .add(held);
    to.counter("wxlogind_admission_held_total", "Requests that were turned away and not told so at once.")
        .add(held_ever);
}

} // namespace wxlogind::handlers
