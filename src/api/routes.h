// SPDX-License-Identifier: MIT
#pragma once

#include "api/event_handlers.h"
#include "api/health_handlers.h"
#include "api/import_handler.h"
#include "api/link_handlers.h"
#include "api/qr_handler.h"
#include "api/redirect_handler.h"
#include "api/stats_handler.h"
#include "api/user_handlers.h"
#include "http/router.h"
#include "page/page_handlers.h"

namespace ginnel::api {

/// Every handler, made by the application; they must outlive the router.
struct Handlers {
  UserHandlers users;
  LinkHandlers links;
  StatsHandler stats;
  EventHandlers events;
  ImportHandler imports;
  RedirectHandler redirects;
  QrHandler qr;
  HealthHandlers health;
  page::PageHandlers page;
};

/// The whole surface. `/users`, `/urls`, `/events` and `/audit` stand at the root and under /v1,
/// and are guarded; redirects, their QR codes, pages and what tells of the process are public.
void add_routes(http::Router& router, Handlers& handlers);

}  // namespace ginnel::api
