#include "core/commands/migrate.hpp"

#include "storage/open_store.hpp"
#include "storage/schema.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>

namespace wxlogind {

namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

std::string in_words(const storage::schema_state& it, bool is_check, milliseconds took) {
    const std::string newest = std::to_string(it.newest);
    if (!it.found)
        return "ok: there is no database at " + it.file + " yet; the server makes it, at version " + newest;
    const std::string found = std::to_string(*it.found);
    if (!it.is_due()) return "ok: " + it.file + " is already at version " + newest + ", nothing to do";
    if (is_check)
        return "due: " + it.file + " is at version " + found + ", this program's is " + newest +
               ". Nothing was changed";
    return "ok: " + it.file + " was migrated from version " + found + " to " + newest + " in " +
           std::to_string(took.count()) + " ms";
}

std::string in_json(const storage::schema_state& it, bool is_check, milliseconds took) {
    const bool was_migrated = it.is_due() && !is_check;
    json::object report{{"ok", true}, {"file", it.file}};
    report["state"] = !it.found ? "none" : was_migrated ? "migrated" : it.is_due() ? "due" : "current";
    if (it.found) report["from"] = *it.found;
    report["to"] = it.newest;
    if (was_migrated) report["took_ms"] = took.count();
    return json::serialize(report);
}

migrate_report refused(const migrate_command& order, const char* why) {
    const std::string text =
        order.as_json ? json::serialize(json::object{{"ok", false}, {"error", why}}) : std::string{why};
    return {.text = text + "\n", .exit_status = migrate_report::failed};
}

} // namespace

migrate_report migrate_database(const migrate_command& order) {
    try {
        const config settings = load_config(order.config_file);
        const auto began = std::chrono::steady_clock::now();
        const storage::schema_state found = order.is_check ? storage::look_at_schema(settings.storage)
                                                           : storage::migrate_schema(settings.storage);
        const auto took = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began);
        const auto say = order.as_json ? in_json : in_words;
        return {
            .text = say(found, order.is_check, took) + "\n",
            .exit_status = order.is_check && found.is_due() ? migrate_report::is_due : 0};
    } catch (const config_error& why) {
        return refused(order, why.what());
    } catch (const storage::store_error& why) {
        return refused(order, why.what());
    }
}

} // namespace wxlogind
