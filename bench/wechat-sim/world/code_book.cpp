#include "bench/wechat-sim/world/code_book.hpp"

#include "bench/wechat-sim/world/load_code.hpp"

namespace wxlogind::wechat_sim {

namespace {

constexpr std::size_t shard_bits = 4;
constexpr std::size_t shard_count = 1u << shard_bits;

digest digest_of(std::string_view code) noexcept {
    return {hash_text(0x636f6465, code), hash_text(0x0b0001, code)};
}

} // namespace

code_book::code_book(const world_settings& settings, code_shape shape)
    : settings_{settings}, shape_{shape}, numbers_{settings.code_seed + static_cast<std::uint64_t>(shape)} {
    for (std::size_t index = 0; index < shard_count; ++index)
        shards_.emplace_back(settings.max_known_codes / shard_count + 1);
}

const code_book::shard& code_book::shard_of(const digest& key) const noexcept {
    return shards_[key.high >> (64 - shard_bits)];
}

code_book::shard& code_book::shard_of(const digest& key) noexcept {
    return shards_[key.high >> (64 - shard_bits)];
}

std::optional<std::string_view> code_book::load_user(std::string_view code) const noexcept {
    return settings_.takes_load_codes && shape_ == code_shape::login ? user_of_load_code(code) : std::nullopt;
}

std::string code_book::draw() {
    static constexpr std::string_view alphanumeric =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    static constexpr std::string_view hexadecimal = "0123456789abcdef";
    std::string code;
    const std::scoped_lock locked{minting_};
    if (shape_ == code_shape::phone) {
        while (code.size() < 64) code += hexadecimal[numbers_.below(hexadecimal.size())];
        return code;
    }
    code = "0";
    code += alphanumeric[numbers_.below(10)];
    while (code.size() < 32) code += alphanumeric[numbers_.below(alphanumeric.size())];
    return code;
}

std::string code_book::mint(std::string_view appid, std::string_view user, unix_millis now) {
    std::string code = draw();
    const digest key = digest_of(code);
    shard& home = shard_of(key);
    const std::scoped_lock locked{home.lock};
    if (home.minted.size() >= settings_.max_minted_codes / shard_count + 1) {
        home.minted.erase(home.oldest_first.front());
        home.oldest_first.pop_front();
    }
    home.oldest_first.push_back(key);
    home.minted.emplace(key, minted_code{{std::string{appid}, std::string{user}}, now});
    return code;
}

std::optional<code_holder> code_book::find(std::string_view code, unix_millis now) const {
    if (const auto user = load_user(code)) return code_holder{"", std::string{*user}};
    const digest key = digest_of(code);
    const shard& home = shard_of(key);
    const std::scoped_lock locked{home.lock};
    const auto found = home.minted.find(key);
    if (found == home.minted.end()) return std::nullopt;
    if (now - found->second.minted_at >= settings_.code_life) return std::nullopt;
    return found->second.holder;
}

bool code_book::spend(std::string_view code) {
    const digest key = digest_of(code);
    shard& home = shard_of(key);
    const std::scoped_lock locked{home.lock};
    code_arrivals& known = home.known.at(key);
    if (load_user(code)) {
        if (settings_.load_codes_are_single_use && known.exchanged != 0) return false;
    } else {
        const auto found = home.minted.find(key);
        if (found == home.minted.end() || found->second.is_spent) return false;
        found->second.is_spent = true;
    }
    ++known.exchanged;
    return true;
}

void code_book::count_arrival(std::string_view code) {
    const digest key = digest_of(code);
    shard& home = shard_of(key);
    const std::scoped_lock locked{home.lock};
    ++home.known.at(key).arrived;
}

code_arrivals code_book::arrivals_of(std::string_view code) const {
    const digest key = digest_of(code);
    const shard& home = shard_of(key);
    const std::scoped_lock locked{home.lock};
    const code_arrivals* known = home.known.find(key);
    return known == nullptr ? code_arrivals{} : *known;
}

} // namespace wxlogind::wechat_sim
