// What a SIGHUP takes in: all of it, or nothing.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

namespace wxlogind {

// The main thread only.
class reload_list {
public:
    // Puts what was read in force. Throws nothing: the parts before it are in force already.
    using change = std::function<void()>;
    // Reads and checks what is new and touches nothing. Throws std::exception, "file: what is wrong and what
    // to do".
    using reading = std::function<change()>;

    // `what` is a literal, for the log: "keys".
    void add(std::string_view what, reading read);

    // Reads every part; when all are good, puts all in force. Says in the log what came of it. False: one
    // part could not be read, and everything is as it was.
    bool reload() const;

private:
    struct part {
        std::string_view what;
        reading read;
    };
    std::vector<part> parts_;
};

} // namespace wxlogind
