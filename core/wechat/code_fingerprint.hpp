// A short name for a login code: what is kept of it once it is spent.
#pragma once

#include "core/base/siphash.hpp"

#include <cstddef>
#include <string_view>

namespace wxlogind::wechat {

using code_fingerprint = sip_hash;
using fingerprint_key = sip_key;

struct fingerprint_hash {
    using is_avalanching = void; // it is a hash already; boost::unordered need not mix it
    std::size_t operator()(const code_fingerprint& of) const noexcept {
        // The upper half: the lower one chooses the shard.
        return static_cast<std::size_t>(of.high);
    }
};

// Of a code of an app. Two apps may have equal codes.
[[nodiscard]] code_fingerprint
fingerprint_of(const fingerprint_key& key, std::string_view appid, std::string_view code);

} // namespace wxlogind::wechat
