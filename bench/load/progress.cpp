#include "bench/load/progress.hpp"

#include "bench/load/report/texts.hpp"

#include <cstdio>

#include <unistd.h>

namespace wxlogind::load {

progress::progress(bool is_wanted) : is_shown_{is_wanted && ::isatty(STDERR_FILENO) == 1} {}

progress::~progress() {
    if (is_shown_) std::fputs("\r\x1b[K", stderr);
}

void progress::begin(std::string phase, std::size_t intervals) {
    phase_ = std::move(phase);
    intervals_ = intervals;
    if (is_shown_) std::fprintf(stderr, "\r\x1b[K%s", phase_.c_str());
}

void progress::show(const timeline_point& latest) {
    if (!is_shown_) return;
    std::string line = phase_;
    if (intervals_ != 0)
        line += " " + share_text(static_cast<double>(latest.number + 1) / static_cast<double>(intervals_));
    line += latest.is_warm_up ? " (warm-up)" : "";
    line += ": " + count_text(latest.rate) + "/s, p50 " + time_text(latest.p50) + ", p99 " +
            time_text(latest.p99);
    if (latest.failed != 0) line += ", failed " + count_text(static_cast<double>(latest.failed));
    std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
}

} // namespace wxlogind::load
