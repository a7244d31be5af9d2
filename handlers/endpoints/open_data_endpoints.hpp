// The endpoints that take what mini programs pass on from WeChat. As in endpoints.hpp.
#pragma once

#include "handlers/endpoints/endpoints.hpp"

namespace wxlogind::handlers {

task<result<net::response>> take_user_info(const net::request& incoming, services& with);
task<result<net::response>> bind_phone(const net::request& incoming, services& with);
task<result<net::response>> decrypt_open_data(const net::request& incoming, services& with);

} // namespace wxlogind::handlers
