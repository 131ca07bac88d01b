// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "storage/click_store.h"
#include "storage/sqlite/clicks/click_tail.h"
#include "storage/sqlite/clicks/click_texts.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Stores a batch inside a transaction: moves its segment's cursor, and only if that was where the
/// batch begins, adds its clicks, which are in no sum then. That comparison is all that keeps a
/// click from being counted twice. The clicks are remembered in `tail`.
Result<ShipOutcome> ship_clicks(Connection& database,
                                ClickTexts& texts,
                                ClickTail& tail,
                                const ClickBatch& batch);

/// How far a segment is.
Result<SegmentCursor> find_segment_cursor(Connection& database, const std::string& segment);

}  // namespace ginnel::storage::sqlite
