// What a SIGHUP takes in: all of it, or nothing.
#pragma once

#include "core/base/config.hpp"

#include <exception>
#include <functional>
#include <string_view>
#include <vector>

namespace wxlogind {

// The main thread only.
class reload_list {
public:
    // Puts what was read in force. Throws nothing: the parts before it are in force already.
    using change = std::function<void()>;
    // Reads and checks what is new in `next` or in what it names, and touches nothing. Throws std::exception,
    // "file: what is wrong and what to do".
    using reading = std::function<change(const config& next)>;

    // `what` is a literal, for the log: "keys".
    void add(std::string_view what, reading read);

    // Reads every part; when all are good, puts all in force. False: one part could not be read, the log says
    // why, and everything is as it was.
    bool reload(const config& next) const;

private:
    struct part {
        std::string_view what;
        reading read;
    };
    std::vector<part> parts_;
};

// `what` could not be read.
void log_refused_reload(std::string_view what, const std::exception& why);

} // namespace wxlogind
