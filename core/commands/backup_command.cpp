#include "core/commands/backup_command.hpp"

#include "storage/back_up.hpp"
#include "storage/open_store.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>

namespace wxlogind {

namespace {

namespace json = boost::json;

config_report refused(const backup_command& order, const char* why) {
    if (!order.as_json) return {.text = std::string{why} + "\n", .is_good = false};
    return {.text = json::serialize(json::object{{"ok", false}, {"error", why}}) + "\n", .is_good = false};
}

} // namespace

config_report make_backup(const backup_command& order) {
    try {
        const config settings = load_config(order.config_file);
        const auto began = std::chrono::steady_clock::now();
        const storage::backup_report made = storage::back_up(settings.storage, order.to);
        const auto took =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began)
                .count();
        if (order.as_json) {
            const json::object report{{"ok", true},          {"file", order.to},        {"bytes", made.bytes},
                                      {"users", made.users}, {"avatars", made.avatars}, {"took_ms", took}};
            return {.text = json::serialize(report) + "\n", .is_good = true};
        }
        return {
            .text = "ok: " + order.to + " is whole and checked: " + std::to_string(made.users) +
                    (made.users == 1 ? " user, " : " users, ") + std::to_string(made.avatars) +
                    " pictures (in " + order.to + "-avatars), " + std::to_string(made.bytes) + " bytes, in " +
                    std::to_string(took) +
                    " ms. The keys are not in it: keep a copy of keys_file, and keep it elsewhere.\n",
            .is_good = true};
    } catch (const config_error& why) {
        return refused(order, why.what());
    } catch (const storage::store_error& why) {
        return refused(order, why.what());
    }
}

} // namespace wxlogind
