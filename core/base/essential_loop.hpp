// What becomes of the loops that a server cannot do without when they fail.
#pragma once

#include <exception>
#include <string_view>

namespace wxlogind {

// The completion handler of asio::co_spawn for a loop that has to run as long as the process serves:
// accepting, turning deadlines, sweeping. Its ordinary end is fine. An exception that escapes it (no memory)
// would leave a process that looks alive and serves nobody: it is logged as an error and the process aborts,
// so that its supervisor starts it again. On the loop's thread. `loop` has to outlive it: a literal.
class essential_loop {
public:
    explicit essential_loop(std::string_view loop) noexcept : loop_{loop} {}

    void operator()(const std::exception_ptr& failure) const noexcept {
        if (failure) end_process(failure);
    }

private:
    [[noreturn]] void end_process(const std::exception_ptr& failure) const noexcept;

    std::string_view loop_;
};

} // namespace wxlogind
