// The keyring's file: made at first start, refused when somebody else may know it.
#pragma once

#include "core/base/clock.hpp"
#include "core/session/keyring.hpp"

#include <functional>
#include <memory>
#include <string>

namespace wxlogind::session {

// Reads the file. Throws keyring_error, "file: what is wrong and what to do", when it cannot be read, is not
// a plain file (a symbolic link is none), may be read or written by group or others, belongs to another user
// than us and root, is over 64 KiB, or when parse_keyring refuses it.
[[nodiscard]] std::shared_ptr<const keyring> load_keyring(const std::string& path);

// Makes the file (mode 0600, one random key of each kind) when there is none, and reads it. Of several
// processes that start at once one makes it, and all read the same; what is there is durable. Throws as
// load_keyring does, and when the file cannot be made.
[[nodiscard]] std::shared_ptr<const keyring>
load_or_create_keyring(const std::string& path, unix_seconds now);

// The keys themselves, for who lists or changes them. Throws as load_keyring does, but root may look into a
// file of another user.
[[nodiscard]] key_set load_key_set(const std::string& path);

// Lets `change` change the keys of the file: all of it is on disk when this returns, or nothing has changed.
// Readers see the file before or the one after, never a part. One at a time: others wait until it is done,
// and see what it did. The file keeps its owner and has mode 0600. Throws as load_key_set does, what `change`
// throws, and when what it made is no keyring.
void change_keys(const std::string& path, const std::function<void(key_set&)>& change);

// For a key made at `now`: its time, and random digits, as "20261122T165500Z-5fc2a0e1".
[[nodiscard]] std::string make_kid(unix_seconds now);

} // namespace wxlogind::session
