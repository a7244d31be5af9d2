#include "handlers/acting_for.hpp"

#include "handlers/revoking.hpp"

namespace wxlogind::handlers {

namespace {

bool is_name(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 32 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               std::string_view::npos;
}

} // namespace

std::string acting_for(const net::request& incoming, const services& with) {
    if (!incoming.is_internal) return "user";
    if (const auto service = with.service_keys.caller_of(incoming); !service.empty())
        return "key:" + std::string{service};
    if (const auto name = incoming.header(operator_field); name && is_name(*name))
        return "cli:" + std::string{*name};
    return "internal";
}

storage::revoking revoking_for(const net::request& incoming, const services& with) {
    storage::revoking when = revoking_at(with.clock.now(), with);
    when.by = acting_for(incoming, with);
    return when;
}

} // namespace wxlogind::handlers
