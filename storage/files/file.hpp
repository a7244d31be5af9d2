// Whole files. False: it failed, and errno says why. Any thread; blocks.
#pragma once

#include <string>
#include <string_view>

namespace wxlogind::storage::files {

// Mode 0600, on the disk when it returns; its name is only after sync_directory. Fails where there is one.
[[nodiscard]] bool write_new_file(const std::string& path, std::string_view content);
[[nodiscard]] bool read_whole_file(const std::string& path, std::string& content);
// Names that were given or taken there are on disk when it returns.
[[nodiscard]] bool sync_directory(const std::string& path);

} // namespace wxlogind::storage::files
