-- Codes that people chose are found in any case.

-- Who made the code (chosen_codes.h): 0 the generator, 1 a person, 2 the generator, and a
-- code that a person chose differs from it by case alone.
ALTER TABLE links ADD COLUMN chosen INTEGER NOT NULL DEFAULT 0 CHECK (chosen IN (0, 1, 2));

-- Of the links that are there, those whose codes the generator cannot have made
-- (domain::may_be_random): it takes six letters and digits as long as there were at most
-- 568,002,355 links, and up to eleven then.
UPDATE links SET chosen = 1
WHERE code GLOB '*[^0-9A-Za-z]*' OR length(code) < 6
   OR length(code) > CASE WHEN id <= 568002356 THEN 6 ELSE 11 END;

-- Where does this code lead, in another case? Would a new one be taken for it?
CREATE INDEX links_by_chosen_code ON links (code COLLATE NOCASE) WHERE chosen <> 0;
