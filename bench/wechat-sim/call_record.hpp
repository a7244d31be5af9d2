// Every request and its answer, a line of JSON each: what a server was told, for those who search it for that
// afterwards.
#pragma once

#include "bench/wechat-sim/wire/request.hpp"

#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

class call_record {
public:
    // Appends to `file`, which only its owner may read; "" = keeps no record. Throws std::system_error.
    explicit call_record(const std::string& file);
    ~call_record();
    call_record(const call_record&) = delete;
    call_record& operator=(const call_record&) = delete;

    // Of bodies the first 64 KiB. Any thread; the line is in the file when this returns.
    void note(const request& asked, std::string_view answered) const;

private:
    int file_{-1};
};

} // namespace wxlogind::wechat_sim
