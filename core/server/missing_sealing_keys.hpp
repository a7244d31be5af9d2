// Whether the database holds what no key of keys_file opens: after the file was lost, or exchanged for an
// older copy.
#pragma once

#include "core/base/async.hpp"
#include "core/session/keyring.hpp"
#include "storage/sealed_store.hpp"

#include <memory>
#include <string>

namespace wxlogind {

// Looks through the newest million sessions and users, in the background, and logs an error for every key
// that is missing: which, how much it has sealed, what to do. `values` outlives it.
task<> tell_of_missing_sealing_keys(
    storage::sealed_store& values, std::shared_ptr<const session::keyring> keys, std::string keys_file);

} // namespace wxlogind
