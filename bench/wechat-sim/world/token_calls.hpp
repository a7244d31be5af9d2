// The rules of the calls that give access tokens. The order of the checks is this simulator's choice.
#pragma once

#include "bench/wechat-sim/world/token_book.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <string_view>

namespace wxlogind::wechat_sim {

// The parameters of both calls; an empty one is a missing one.
struct token_request {
    std::string_view appid{};
    std::string_view secret{};
    std::string_view grant_type{};
    std::string_view client_ip{};
    bool by_force{false}; // stable_token alone
};

// 41002, 40013, 41004, 40125, 40243, 40002, 40164, 45009; stable: 45011 besides.
[[nodiscard]] issued_token classic_token(world& everything, const token_request& asked);
[[nodiscard]] issued_token stable_token(world& everything, const token_request& asked);

} // namespace wxlogind::wechat_sim
