// The keyring that counts, exchanged while requests are served.
#pragma once

#include "core/base/current.hpp"
#include "core/session/keyring.hpp"

namespace wxlogind::session {

using current_keyring = current<keyring>;

} // namespace wxlogind::session
