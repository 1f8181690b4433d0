-- One row is a number that one voice took from another, or that we suppose it took, with what became of its hedge:
-- "nearly 96" told on as "96" has lost it, told on as "more than 96" has turned it round.
-- figure_id: The figure.
-- figure_label: A readable name of it.
-- claim_relation: derived_from, may_derive_from (our hypothesis) or restates (the same voice again).
-- hypothesis: Whether the derivation is only supposed.
-- origin_claim_id: The claim from which it was taken.
-- origin_voice: Whose it is.
-- origin_outlet: The publisher in which it stands.
-- origin_told: Until when it was said, or published.
-- origin_hedge: Its hedge, number and unit.
-- claim_id: The claim that was taken from it.
-- voice: Whose it is.
-- outlet: The publisher in which it stands.
-- told: Until when it was said, or published.
-- hedge: Its hedge, number and unit.
-- drift: kept (the same number and hedge), hedge_lost (no hedge any more), hedge_added (there was none), hedge_turned
--   (the two exclude each other), hedge_changed, rounded (another number that the first allows), number_changed.
-- note: The grounds on which the derivation is known or supposed.
-- claim_link_id: The row that says so.
WITH told AS (
    SELECT
        b.claim_id,
        b.subject_id AS figure_id,
        b.voice,
        (SELECT a.name FROM actors AS a WHERE a.actor_id = s.publisher_id) AS outlet,
        b.hedge,
        b.comparator,
        coalesce(u.said_latest, s.published_latest) AS told,
        q.low,
        q.low_open,
        q.high,
        q.high_open,
        q.least_stated,
        q.greatest_stated,
        CASE WHEN q.converted THEN q.step / 2 ELSE 0 END AS slack
    FROM claims_bounded AS b
    JOIN quantities AS q ON q.claim_id = b.claim_id
    JOIN sources AS s ON s.source_id = b.source_id
    LEFT JOIN utterances AS u ON u.utterance_id = b.utterance_id
),
pairs AS (
    SELECT
        k.claim_link_id,
        k.claim_relation,
        k.note,
        o.figure_id,
        o.claim_id AS origin_claim_id,
        o.voice AS origin_voice,
        o.outlet AS origin_outlet,
        o.told AS origin_told,
        o.hedge AS origin_hedge,
        o.comparator AS origin_comparator,
        d.claim_id,
        d.voice,
        d.outlet,
        d.told,
        d.hedge,
        d.comparator,
        coalesce(
            abs(d.least_stated - o.least_stated) <= o.slack + d.slack,
            d.least_stated IS NULL AND o.least_stated IS NULL
        )
            AND coalesce(
                abs(d.greatest_stated - o.greatest_stated) <= o.slack + d.slack,
                d.greatest_stated IS NULL AND o.greatest_stated IS NULL
            ) AS same_number,
        coalesce(o.low > d.high OR (o.low = d.high AND (o.low_open OR d.high_open)), FALSE)
            OR coalesce(d.low > o.high OR (d.low = o.high AND (d.low_open OR o.high_open)), FALSE) AS apart
    FROM claim_links AS k
    JOIN told AS d ON d.claim_id = k.claim_id
    JOIN told AS o ON o.claim_id = k.related_claim_id AND o.figure_id = d.figure_id
    WHERE k.claim_relation IN ('derived_from', 'may_derive_from', 'restates')
)
SELECT
    p.figure_id,
    (
        SELECT n.label FROM record_names AS n WHERE n.subject_table = 'figures' AND n.subject_id = p.figure_id
    ) AS figure_label,
    p.claim_relation,
    p.claim_relation = 'may_derive_from' AS hypothesis,
    p.origin_claim_id,
    p.origin_voice,
    p.origin_outlet,
    p.origin_told,
    p.origin_hedge,
    p.claim_id,
    p.voice,
    p.outlet,
    p.told,
    p.hedge,
    CASE
        WHEN p.same_number AND p.comparator = p.origin_comparator THEN 'kept'
        WHEN p.same_number AND p.comparator = 'eq' THEN 'hedge_lost'
        WHEN p.same_number AND p.origin_comparator = 'eq' THEN 'hedge_added'
        WHEN p.same_number AND p.apart THEN 'hedge_turned'
        WHEN p.same_number THEN 'hedge_changed'
        WHEN p.apart THEN 'number_changed'
        ELSE 'rounded'
    END AS drift,
    p.note,
    p.claim_link_id
FROM pairs AS p
ORDER BY p.figure_id, p.origin_claim_id, p.claim_id
