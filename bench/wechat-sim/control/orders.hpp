// The orders, by topic: one file each. They throw bad_order for what cannot be done.
#pragma once

#include "bench/wechat-sim/control/control_api.hpp"

namespace wxlogind::wechat_sim {

// codes.cpp
control_reply mint_codes(const control_order& order);     // POST /codes
control_reply mint_code(const control_order& order);      // GET /codes
control_reply show_exchanges(const control_order& order); // GET /exchanges

// fault_orders.cpp
control_reply order_fault(const control_order& order);      // POST /faults
control_reply list_faults(const control_order& order);      // GET /faults
control_reply take_back_faults(const control_order& order); // DELETE /faults

// people.cpp
control_reply put_app(const control_order& order);  // POST /apps
control_reply put_user(const control_order& order); // POST /users

// content_orders.cpp
control_reply put_word(const control_order& order); // POST /words

// open_data_orders.cpp
control_reply make_open_data(const control_order& order); // POST /open_data

// security_orders.cpp
control_reply secure_app(const control_order& order); // POST /api_security

// session_orders.cpp
control_reply act_on_session(const control_order& order); // POST /sessions
control_reply show_session(const control_order& order);   // GET /sessions

// token_orders.cpp
control_reply act_on_tokens(const control_order& order); // POST /tokens
control_reply show_tokens(const control_order& order);   // GET /tokens

// running.cpp
control_reply advance_clock(const control_order& order);   // POST /clock
control_reply set_style(const control_order& order);       // POST /style
control_reply show_statistics(const control_order& order); // GET /statistics

} // namespace wxlogind::wechat_sim
