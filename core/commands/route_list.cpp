#include "core/commands/route_list.hpp"

#include "handlers/routes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <array>

namespace wxlogind {

namespace {

namespace json = boost::json;

struct listener_routes {
    std::string_view listener;
    std::span<const handlers::route> routes;
};

std::array<listener_routes, 2> all_routes() noexcept {
    return {{{"public", handlers::public_routes()}, {"internal", handlers::internal_routes()}}};
}

json::array names_of(handlers::method_set methods) {
    using enum net::method;
    json::array names;
    for (const net::method each : {get, head, post, put, patch, delete_, options})
        if (methods.contains(each)) names.emplace_back(net::to_string(each));
    return names;
}

std::string as_json_text() {
    json::array list;
    for (const auto& [listener, routes] : all_routes())
        for (const handlers::route& each : routes)
            list.push_back(json::object{
                {"listener", listener},
                {"methods", names_of(each.methods)},
                {"path", each.path},
                {"scope", handlers::to_string(each.scope)}});
    return json::serialize(json::object{{"ok", true}, {"routes", std::move(list)}}) + "\n";
}

void append_padded(std::string& to, std::string_view text, std::size_t width) {
    to += text;
    to.append(width > text.size() ? width - text.size() : 1, ' ');
}

std::string as_table() {
    std::string table;
    for (const auto& [listener, routes] : all_routes())
        for (const handlers::route& each : routes) {
            append_padded(table, listener, 10);
            append_padded(table, each.path, 30);
            append_padded(table, handlers::to_string(each.scope), 14);
            table += each.methods.to_text() + "\n";
        }
    return table;
}

} // namespace

config_report list_routes(const routes_command& order) {
    return {.text = order.as_json ? as_json_text() : as_table(), .is_good = true};
}

} // namespace wxlogind
