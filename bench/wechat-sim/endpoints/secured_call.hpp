// A call under the API signature: opened before its endpoint sees it, and its answer closed again. Written
// from WeChat's documentation alone, so that it does not share the errors of wxlogind's side.
#pragma once

#include "bench/wechat-sim/faults/fault_rule.hpp"
#include "bench/wechat-sim/replies.hpp"
#include "bench/wechat-sim/wire/request.hpp"
#include "bench/wechat-sim/world/world.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace wxlogind::wechat_sim {

class secured_call {
public:
    // All of them outlive it.
    secured_call(const request& incoming, query_parameters& parameters, world& everything);

    // The request as its endpoint has to see it.
    [[nodiscard]] const request& opened() const noexcept { return opened_; }
    // Why it goes no further; 0 = it does.
    [[nodiscard]] int errcode() const noexcept { return errcode_; }
    // Signs and encrypts the answer to a call that was signed; leaves others alone. `flaw` is a fault that
    // strikes, or nullptr.
    void close(answer& made, const fault_rule* flaw) const;

private:
    [[nodiscard]] int open(const request& incoming);
    [[nodiscard]] secured_text close_body(std::string_view plain, const fault_rule* flaw) const;

    world& everything_;
    request opened_;
    std::string plain_{};
    std::string appid_{};
    std::string url_{};
    std::shared_ptr<const secured_app> keys_{};
    int errcode_{0};
};

} // namespace wxlogind::wechat_sim
