#include "handlers/forms/user_of_app.hpp"

#include "handlers/forms/profile_form.hpp"

namespace wxlogind::handlers {

result<user_id> read_user(const json_members& members, std::string_view name) {
    const auto text = members.text(name);
    if (!text) return text.error();
    if (!*text) return invalid_field(name, "missing");
    const auto id = parse_user_id(**text);
    if (!id) return invalid_field(name, "not the id of a user");
    return *id;
}

result<const app*> read_app(const json_members& members, const app_directory& apps) {
    const auto appid = members.text("appid");
    if (!appid) return appid.error();
    return apps.choose(appid->value_or(std::string_view{}), std::nullopt);
}

result<user_of_app> read_user_of_app(const json_members& members, const app_directory& apps) {
    const auto user = read_user(members);
    if (!user) return user.error();
    const auto of = read_app(members, apps);
    if (!of) return of.error();
    return user_of_app{.user = *user, .of = *of};
}

} // namespace wxlogind::handlers
