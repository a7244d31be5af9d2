#include "core/commands/service_key.hpp"

#include "core/base/encoding.hpp"
#include "handlers/service_keys.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace wxlogind {

namespace {

namespace json = boost::json;

std::string section_of(const std::string& name, const std::string& hash, const json::array& scopes) {
    return "[[service_keys]]\nname = \"" + name + "\"\nhash = \"" + hash +
           "\"\nscopes = " + json::serialize(scopes) + "\n";
}

} // namespace

config_report make_service_key(const service_key_command& order) {
    const std::string key = handlers::make_service_key();
    const std::string hash = hex_encode(as_text(handlers::hash_of_service_key(key)));
    json::array scopes(order.scopes.begin(), order.scopes.end());
    if (scopes.empty()) scopes.emplace_back("verify");
    if (order.as_json) {
        const json::object made{
            {"ok", true}, {"name", order.name}, {"key", key}, {"hash", hash}, {"scopes", scopes}};
        return {.text = json::serialize(made) + "\n", .is_good = true};
    }
    const std::string text = "# For " + order.name + ", shown this once: Authorization: Bearer " + key +
                             "\n# For the configuration, in force after SIGHUP:\n" +
                             section_of(order.name, hash, scopes);
    return {.text = text, .is_good = true};
}

} // namespace wxlogind
