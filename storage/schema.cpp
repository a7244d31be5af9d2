#include "storage/schema.hpp"

#include "storage/acting_as_owner.hpp"
#include "storage/open_store.hpp"
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/migrations.hpp"
#include "storage/sqlite/start_checks.hpp"
#include "storage/sqlite_location.hpp"

#include <filesystem>
#include <stdexcept>
#include <system_error>

namespace wxlogind::storage {

namespace {

namespace fs = std::filesystem;

// Whoever may not look into the directory is told whose it is.
bool has_file(const fs::path& path) {
    std::error_code why;
    if (fs::exists(path, why)) return true;
    const std::string directory = fs::absolute(path).parent_path().string();
    if (why == std::errc::permission_denied) {
        const acting_as_owner refusing{directory};
        throw std::runtime_error{"look at " + path.string() + ": " + why.message()};
    }
    if (!fs::is_directory(directory)) throw std::runtime_error{"there is no directory " + directory};
    return false;
}

schema_state look_at(const sqlite::location& where) {
    schema_state state{.file = where.path, .found = std::nullopt, .newest = sqlite::newest_schema()};
    if (!has_file(where.path)) return state;
    const acting_as_owner owner{where.path};
    sqlite::connection db = sqlite::open_for_reading(where);
    state.found = sqlite::schema_of(db);
    return state;
}

void migrate_file(const sqlite::location& where) {
    const acting_as_owner owner{where.path};
    const sqlite::file_lock lock{where.path};
    sqlite::check_before_use(where);
    sqlite::connection db = sqlite::open_for_writing(where, sqlite::open_mode::read_write);
    try {
        sqlite::migrate(db);
        db.empty_log(); // here where it can fail with a word, and not at the server's start
    } catch (const sqlite::sqlite_error& why) {
        throw std::runtime_error{
            std::string{why.what()} + ": the database is left whole, at version " +
            std::to_string(sqlite::schema_of(db))};
    }
}

template <class Work>
schema_state in_our_words(const storage_settings& settings, const Work& work) {
    const sqlite::location where = sqlite_location(settings);
    try {
        return work(where);
    } catch (const std::runtime_error& why) {
        throw store_error{"migrate: " + about_file(where.path, why.what())};
    }
}

} // namespace

schema_state look_at_schema(const storage_settings& settings) {
    return in_our_words(settings, look_at);
}

schema_state migrate_schema(const storage_settings& settings) {
    return in_our_words(settings, [](const sqlite::location& where) {
        schema_state before = look_at(where);
        if (before.is_due()) migrate_file(where);
        return before;
    });
}

} // namespace wxlogind::storage
