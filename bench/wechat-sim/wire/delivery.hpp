// How an answer goes out: at once, late, in pieces, broken, or not at all.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace wxlogind::wechat_sim {

// What happens to the connection once the bytes are out.
enum class ending : std::uint8_t {
    keep,  // the next request may come
    close, // close_notify, then FIN
    cut,   // FIN without close_notify
    reset, // RST
    hang,  // nothing more, until the client goes
};

struct wire_step {
    std::chrono::milliseconds pause{0}; // before the bytes
    std::string bytes;
};

// One answer on its way.
struct delivery {
    std::vector<wire_step> steps; // one TLS record or more each; empty = no answer
    ending then{ending::keep};
    std::chrono::milliseconds linger{0}; // before the ending
};

} // namespace wxlogind::wechat_sim
