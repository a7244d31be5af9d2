#include "bench/wechat-sim/endpoints/endpoint.hpp"
#include "bench/wechat-sim/statistics.hpp"
#include "bench/wechat-sim/world/errcodes.hpp"

#include <array>

namespace wxlogind::wechat_sim {

namespace {

struct endpoint {
    std::string_view path;
    answer (*answer_it)(const endpoint_call& call);
    bool may_be_secured{false};
};

constexpr std::array endpoints{
    endpoint{"/sns/jscode2session", &code_to_session},
    endpoint{"/cgi-bin/token", &get_token},
    endpoint{"/cgi-bin/stable_token", &get_stable_token},
    endpoint{"/cgi-bin/get_api_domain_ip", &get_api_domain_ip},
    endpoint{phone_number_path, &get_phone_number, true},
    endpoint{"/wxa/checksession", &check_session},
    endpoint{"/wxa/resetusersessionkey", &reset_session},
    endpoint{"/wxa/business/getuserencryptkey", &get_user_encrypt_key, true},
    endpoint{"/wxa/msg_sec_check", &check_content, true},
};
static_assert(endpoints.size() < counters::most_endpoints);

} // namespace

std::size_t endpoint_index(std::string_view path) noexcept {
    std::size_t index = 0;
    while (index < endpoints.size() && endpoints[index].path != path) ++index;
    return index;
}

std::size_t endpoint_count() noexcept {
    return endpoints.size();
}

std::string_view endpoint_path(std::size_t index) noexcept {
    return index < endpoints.size() ? endpoints[index].path : "others";
}

bool may_be_secured(std::string_view path) noexcept {
    if (!path.starts_with("/wxa/")) return false; // most calls are logins
    const std::size_t index = endpoint_index(path);
    return index < endpoints.size() && endpoints[index].may_be_secured;
}

answer answer_call(const endpoint_call& call) {
    const std::size_t index = endpoint_index(call.incoming.path);
    return index < endpoints.size() ? endpoints[index].answer_it(call) : refuse(call, errcode::invalid_url);
}

answer refuse(const endpoint_call& call, int errcode) {
    return error_answer(errcode, family_of(call.incoming.path), call.id, call.style, call.client_ip);
}

token_check check_token(const endpoint_call& call) {
    return call.everything.tokens().check(call.parameters.text("access_token"), call.everything.now());
}

answer accept(const endpoint_call& call, std::string body) {
    return {200, content_type_of(family_of(call.incoming.path)), std::move(body), errcode::ok};
}

} // namespace wxlogind::wechat_sim
