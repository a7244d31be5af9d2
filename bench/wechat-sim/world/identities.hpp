// Who a user is to an app. Nothing is stored: identities follow from the names and a seed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wxlogind::wechat_sim {

// 28 characters, 'o' and 27 of [A-Za-z0-9_-].
class platform_id {
public:
    platform_id() = default;
    explicit platform_id(std::uint64_t seed);
    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

private:
    std::array<char, 28> text_{};
};

// 16 bytes as standard base64: 24 characters.
class session_key {
public:
    session_key() = default;
    explicit session_key(std::uint64_t seed);
    [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

private:
    std::array<char, 24> text_{};
};

// The same for the same user and app, and for nobody else.
[[nodiscard]] platform_id openid_of(std::uint64_t seed, std::string_view appid, std::string_view user);
// The same for the same user in every app of the group.
[[nodiscard]] platform_id unionid_of(std::uint64_t seed, std::string_view group, std::string_view user);
// `rotation` tells the keys of one user in one app apart.
[[nodiscard]] session_key
session_key_of(std::uint64_t seed, std::string_view appid, std::string_view user, std::uint64_t rotation);

} // namespace wxlogind::wechat_sim
