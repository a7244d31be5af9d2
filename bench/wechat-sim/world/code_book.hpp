// Codes, of wx.login or of the button that gives a phone number: minted, alive for a while, spent once; and
// how often each one arrived.
#pragma once

#include "bench/wechat-sim/generator.hpp"
#include "bench/wechat-sim/world/recent_map.hpp"
#include "bench/wechat-sim/world/settings.hpp"
#include "core/base/clock.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

// Whose code it is.
struct code_holder {
    std::string appid; // "" = whichever app asks: load codes
    std::string user;
};

struct code_arrivals {
    std::uint32_t arrived{};   // requests that carried the code, whatever became of them
    std::uint32_t exchanged{}; // times it bought a session, whether or not the answer was sent
};

enum class code_shape : std::uint8_t {
    login, // 32 characters of [A-Za-z0-9], of which the first is '0' and the second a digit
    phone, // 64 of [0-9a-f]
};

// Any thread: split into shards by code, each with a lock that is held for one look-up.
class code_book {
public:
    explicit code_book(const world_settings& settings, code_shape shape = code_shape::login);

    [[nodiscard]] std::string mint(std::string_view appid, std::string_view user, unix_millis now);

    // nullopt when the code was never minted, has expired, or was forgotten.
    [[nodiscard]] std::optional<code_holder> find(std::string_view code, unix_millis now) const;

    // True the first time, for whoever comes first.
    bool spend(std::string_view code);

    void count_arrival(std::string_view code);
    [[nodiscard]] code_arrivals arrivals_of(std::string_view code) const;

private:
    struct minted_code {
        code_holder holder;
        unix_millis minted_at;
        bool is_spent{false};
    };
    struct shard {
        explicit shard(std::size_t max_known) : known{max_known} {}
        mutable std::mutex lock;
        boost::unordered_flat_map<digest, minted_code, digest_hash> minted;
        std::deque<digest> oldest_first;
        recent_map<code_arrivals> known;
    };

    [[nodiscard]] std::string draw();
    // nullopt when it is no load code, or they are not taken.
    [[nodiscard]] std::optional<std::string_view> load_user(std::string_view code) const noexcept;
    [[nodiscard]] const shard& shard_of(const digest& key) const noexcept;
    [[nodiscard]] shard& shard_of(const digest& key) noexcept;

    const world_settings settings_;
    const code_shape shape_;
    std::deque<shard> shards_;
    std::mutex minting_;
    generator numbers_;
};

} // namespace wxlogind::wechat_sim
