// The parameters of a call that takes them from the query, from a JSON body and from a form: documentation
// and clients do not agree where they belong.
#pragma once

#include "bench/wechat-sim/endpoints/json_body.hpp"
#include "bench/wechat-sim/wire/request.hpp"

#include <string_view>

namespace wxlogind::wechat_sim {

// Views are good while this object and the request are.
class call_fields {
public:
    call_fields(const request& incoming, query_parameters& query)
        : query_{query}, body_{incoming.body}, form_{body_.is_object() ? "" : incoming.body} {}

    // "" when it is in none of the three.
    [[nodiscard]] std::string_view text(std::string_view name) {
        if (const auto found = query_.find(name)) return *found;
        return body_.is_object() ? body_.text(name) : form_.text(name);
    }

private:
    query_parameters& query_;
    json_body body_;
    query_parameters form_;
};

} // namespace wxlogind::wechat_sim
