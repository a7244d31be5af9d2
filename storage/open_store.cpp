#include "storage/open_store.hpp"

#include "storage/back_up.hpp"
#include "storage/files/avatar_directory.hpp"
#include "storage/files/avatar_files.hpp"
#include "storage/sqlite/backup_copy.hpp"
#include "storage/sqlite/sqlite_store.hpp"
#include "storage/sqlite_location.hpp"

#include <filesystem>

namespace wxlogind::storage {

namespace {

void check_name_of_copy(const std::filesystem::path& to) {
    if (std::filesystem::is_directory(to))
        throw std::runtime_error{to.string() + " is a directory: the name of a file is wanted"};
    const std::filesystem::path in = std::filesystem::absolute(to).parent_path();
    if (!std::filesystem::is_directory(in)) throw std::runtime_error{in.string() + ": there is no directory"};
}

} // namespace

bool has_database(const storage_settings& settings) {
    return std::filesystem::exists(sqlite_location(settings).path);
}

std::unique_ptr<store>
open_store(const storage_settings& settings, store_counters& counters, revocation_observer* observer) {
    const sqlite::location where = sqlite_location(settings);
    sqlite::limits limits;
    limits.max_batch_rows = settings.max_batch_rows;
    limits.max_queued_rows = settings.max_queued_rows;
    limits.checkpoint_pages = settings.checkpoint_pages;
    limits.cache_bytes = settings.cache_bytes;
    try {
        return std::make_unique<sqlite::sqlite_store>(where, limits, counters, observer);
    } catch (const std::runtime_error& e) {
        throw store_error{"storage: " + about_file(where.path, e.what())};
    }
}

std::unique_ptr<avatar_store> open_avatars(const storage_settings& settings, std::uint64_t min_free_bytes) {
    return std::make_unique<files::avatar_files>(sqlite_location(settings).path, min_free_bytes);
}

// Pictures first and once more behind the database, so that none which a profile in it shows is missing.
backup_report back_up(const storage_settings& settings, const std::string& to) {
    const sqlite::location from = sqlite_location(settings);
    try {
        check_name_of_copy(to);
        backup_report report;
        files::avatar_copy avatars{files::avatar_directory_of(from.path), files::avatar_directory_of(to)};
        avatars.add_new();
        report.users = sqlite::copy_database(from, to);
        avatars.add_new();
        report.avatars = avatars.take_name();
        report.bytes = std::filesystem::file_size(to);
        return report;
    } catch (const sqlite::sqlite_error& e) {
        throw store_error{"backup: " + about_file(from.path, e.what())};
    } catch (const std::runtime_error& e) {
        throw store_error{std::string{"backup: "} + e.what()};
    }
}

} // namespace wxlogind::storage
