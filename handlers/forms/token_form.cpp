#include "handlers/forms/token_form.hpp"

#include "handlers/forms/query_fields.hpp"

namespace wxlogind::handlers {

result<std::string> parse_token_form(const net::request& incoming) {
    if (incoming.content_type != "application/x-www-form-urlencoded")
        return failure{errc::unsupported_media_type, "Content-Type: send application/x-www-form-urlencoded"};
    const auto form = query_fields::parse(incoming.body);
    if (!form) return form.error();
    const auto token = form->text("token");
    if (!token) return token.error();
    if (!*token) return failure{errc::invalid_request, "token: missing"};
    return std::string{**token};
}

} // namespace wxlogind::handlers
