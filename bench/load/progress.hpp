// The line that shows how it goes, on a terminal and nowhere else.
#pragma once

#include "bench/load/record/timeline.hpp"

#include <cstddef>
#include <string>

namespace wxlogind::load {

class progress {
public:
    explicit progress(bool is_wanted);
    ~progress(); // the line goes
    progress(const progress&) = delete;
    progress& operator=(const progress&) = delete;

    // `intervals`: of the whole run, 0 = nobody knows.
    void begin(std::string phase, std::size_t intervals);
    void show(const timeline_point& latest);

private:
    const bool is_shown_;
    std::string phase_{};
    std::size_t intervals_{0};
};

} // namespace wxlogind::load
