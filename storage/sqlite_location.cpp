#include "storage/sqlite_location.hpp"

#include "storage/open_store.hpp"
#include "storage/store_url.hpp"

namespace wxlogind::storage {

namespace {

sqlite::location location_of(const store_url& url) {
    sqlite::location where;
    where.path = url.path;
    if (where.path.empty() || where.path.starts_with("//"))
        throw store_error{
            "storage.url: sqlite: takes the path of a file, as in sqlite:/var/lib/wxlogind/wxlogind.db"};
    for (const auto& [name, value] : url.parameters) {
        if (name == "vfs")
            where.vfs = value;
        else if (name == "check" && value == "after_crash")
            where.check = sqlite::start_check::after_crash;
        else if (name == "check" && value == "always")
            where.check = sqlite::start_check::always;
        else if (name == "check" && value == "never")
            where.check = sqlite::start_check::never;
        else
            throw store_error{
                std::string{"storage.url: unknown parameter "}.append(name).append("=").append(value)};
    }
    return where;
}

} // namespace

sqlite::location sqlite_location(const storage_settings& settings) {
    const auto url = parse_store_url(settings.url);
    if (!url) throw store_error{url.error().detail};
    if (url->scheme == "postgresql" || url->scheme == "postgres")
        throw store_error{"storage.url: PostgreSQL is not in this build; use sqlite:/path"};
    if (url->scheme != "sqlite") throw store_error{"storage.url: unknown scheme " + url->scheme + ":"};
    return location_of(*url);
}

std::string about_file(const std::string& path, std::string_view what) {
    return what.find(path) == what.npos ? path + ": " + std::string{what} : std::string{what};
}

} // namespace wxlogind::storage
