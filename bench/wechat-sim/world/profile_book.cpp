#include "bench/wechat-sim/world/profile_book.hpp"

#include "bench/wechat-sim/generator.hpp"

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t max_profiles = 100'000;

// Eleven digits as in China, the first of them 13.
std::string made_up_phone(std::string_view user) {
    generator numbers{hash_text(0x70686f6e65, user)};
    std::string phone = "13";
    while (phone.size() < 11) phone += static_cast<char>('0' + numbers.below(10));
    return phone;
}

} // namespace

profile profile_book::of(std::string_view user) const {
    profile found;
    {
        const std::scoped_lock locked{lock_};
        if (const auto known = known_.find(user); known != known_.end()) found = known->second;
    }
    if (found.phone.empty()) found.phone = made_up_phone(user);
    return found;
}

bool profile_book::put(std::string_view user, profile what) {
    const std::scoped_lock locked{lock_};
    const auto known = known_.find(user);
    if (known != known_.end()) {
        known->second = std::move(what);
        return true;
    }
    if (known_.size() >= max_profiles) return false;
    known_.emplace(user, std::move(what));
    return true;
}

profile anonymous_profile() {
    profile nobody;
    nobody.nickname = "微信用户";
    nobody.avatar_url =
        "https://thirdwx.qlogo.cn/mmopen/vi_32/"
        "POgEwh4mIHO4nibH0KlMECNjjGxQUq24ZEaGT4poC6icRiccVGKSyXwibcPq4BWmiaIGuG1icwxaQX6grC9VemZoJ8rg/"
        "132";
    return nobody;
}

} // namespace wxlogind::wechat_sim
