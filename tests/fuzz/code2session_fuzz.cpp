// Any bytes to the reader of WeChat's code2Session replies. Run as
//     build/fuzz/bin/fuzz_code2session tests/fuzz/corpus/code2session -max_len=4096
#include "core/wechat/code2session_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

// What is accepted has the promised form, and what is refused quotes nothing.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const std::string_view body{reinterpret_cast<const char*>(bytes), size};
    const auto reply = wxlogind::wechat::parse_code2session_reply(body);
    if (reply) {
        const bool is_good = !reply->openid.empty() && reply->openid.size() <= 128 &&
                             reply->session_key.reveal().size() == 24 &&
                             (!reply->unionid || (!reply->unionid->empty() && reply->unionid->size() <= 128));
        if (!is_good) std::abort();
    } else if (reply.error().detail.empty() || reply.error().detail.size() > 64) {
        std::abort();
    }
    return 0;
}
