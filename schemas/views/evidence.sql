-- One row is one claim with all that someone who holds the text, or the dataset, needs to find and prove its words:
-- `bastions verify` does the same by script. The words themselves are not published.
-- claim_id: Key of the claim.
-- subject_table: The table of the record that it is about.
-- subject_id: The key of that record.
-- field: What is claimed.
-- value_origin: How the value came out of the words; where it is inferred, computed, imputed or allocated, the coder
--   made it and not the words.
-- statement: The assertion in our own words.
-- note: What was inferred and from what.
-- source_id: The source.
-- source_title: Its title.
-- published: When it was published, EDTF.
-- url: Where it was published.
-- archive_url: Where an archive keeps this version.
-- licence: Under which terms it may be used.
-- access: How much of it was read for coding.
-- text_normalization: What was done to the text before offsets were counted.
-- text_sha256: SHA-256 of the whole text under that normalisation.
-- text_length: Length of that text in characters.
-- start_char: Offset of the first character of the claim's words.
-- end_char: Offset just after the last one.
-- span_sha256: SHA-256 of those words.
-- locator: For a dataset, the row and column instead.
-- value_raw: The few words of the quantity, date or name, where there are any.
-- speaker_name: The innermost speaker.
-- utterance_id: The act of speech that carries the claim.
-- cue_start_char: Offset of the first character of the cue: the words that say who speaks and how.
-- cue_end_char: Offset just after the last one.
-- cue_sha256: SHA-256 of the cue.
SELECT
    c.claim_id,
    c.subject_table,
    c.subject_id,
    c.field,
    c.value_origin,
    c.statement,
    c.note,
    c.source_id,
    s.title AS source_title,
    s.published,
    s.url,
    s.archive_url,
    s.licence,
    s.access,
    s.text_normalization,
    s.text_sha256,
    s.text_length,
    c.start_char,
    c.end_char,
    c.span_sha256,
    c.locator,
    c.value_raw,
    f.speaker_name,
    c.utterance_id,
    u.start_char AS cue_start_char,
    u.end_char AS cue_end_char,
    u.span_sha256 AS cue_sha256
FROM claims AS c
JOIN sources AS s ON s.source_id = c.source_id
JOIN claims_bounded AS f ON f.claim_id = c.claim_id
LEFT JOIN utterances AS u ON u.utterance_id = c.utterance_id
ORDER BY c.claim_id
