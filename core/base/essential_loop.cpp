#include "core/base/essential_loop.hpp"

#include "core/base/log.hpp"

#include <cstdlib>

namespace wxlogind {

void essential_loop::end_process(const std::exception_ptr& failure) const noexcept {
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& e) {
        log_error(
            "the process ends: it cannot go on without this loop", {{"loop", loop_}, {"what", e.what()}});
    } catch (...) {
        log_error("the process ends: it cannot go on without this loop", {{"loop", loop_}});
    }
    std::abort();
}

} // namespace wxlogind
