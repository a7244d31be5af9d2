// Whom a request is about, which only faults ask: the calls find out for themselves.
#pragma once

#include "bench/wechat-sim/wire/request.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

class addressee {
public:
    // Looks at the query, the body and the token; each may be missing or bad.
    addressee(const request& incoming, query_parameters& parameters, world& everything);

    [[nodiscard]] std::string_view appid() const noexcept { return appid_; }
    [[nodiscard]] bool is(std::string_view user) const;

private:
    world& everything_;
    std::string appid_;
    std::string user_;   // who holds the code
    std::string openid_; // or is named by the call
};

} // namespace wxlogind::wechat_sim
