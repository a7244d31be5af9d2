// The picture of ours that a profile shows, and what becomes of it when it is not shown any more.
#pragma once

#include "core/base/async.hpp"
#include "core/base/user_id.hpp"
#include "handlers/services.hpp"

#include <string>

namespace wxlogind::handlers {

// The name of the picture in the user's profile; "" when there is none of ours, or it is not known.
task<std::string> avatar_of(user_id user, services& with);

// Removes a picture that no profile shows; "" is none. When that fails, or is never come to, house-keeping
// does it.
task<> forget_avatar(std::string id, services& with);

} // namespace wxlogind::handlers
