package routerostest

// quirks are the facts that nobody has settled on a real router. Each has a default, the likelier side, and an option
// for the other side, so that a client can be shown to survive both.
type quirks struct {
	remoteMask        *bool // remote.address reads back with /32; nil: below 7.12 only
	duplicateNames    *bool // a second BGP object of the same name is accepted; nil: on v7 only
	defaultInstance   bool
	noDefaultTemplate bool
	keepTemplate      *bool // template `default` cannot be removed; nil: below 7.20 only
	showSensitive     bool
	omitSecrets       bool
	reuseIDs          bool
	longMissing       bool
	noCategory        bool
	refuseInUse       bool
	dynamicAtEnd      bool
	noSessions        bool
	establishedFalse  bool
	ghostSession      bool
	closeFailedLogin  bool
	refusePrintByID   bool
	emptyComments     bool
	noNATLog          bool
	verbatimMatchers  bool
	tidySets          bool
	refuseEmpty       bool
	otherTexts        bool
	plainAbout        bool
	absentFlags       bool
	inlineInstances   bool
	firstIsDefault    bool
	keepIDs           bool

	// Not uncertain, but how a router may be.
	noRouting bool     // NoRoutingPackage
	forbidden []string // DeviceMode
}

func (q *quirks) or(choice *bool, otherwise bool) bool {
	if choice != nil {
		return *choice
	}
	return otherwise
}

func quirk(set func(*quirks)) Option { return func(c *config) { set(&c.quirks) } }

// RemoteAddressMask says whether a v7 connection's remote.address reads back as 192.0.2.1/32 or as 192.0.2.1. Both
// were seen (routeros-v6-to-v7.md §1). The default is with mask below 7.12 and bare from there on, where
// terraform-routeros, which compares the texts, has an empty plan after writing it bare: its own tests want that on
// 7.12, 7.15 and 7.16.
func RemoteAddressMask(on bool) Option { return quirk(func(q *quirks) { q.remoteMask = &on }) }

// DuplicateNames says whether a second BGP object of the same name is accepted. The default is yes on v7, as the
// author of ansible PR 220 reports, and no on v6, of which nothing is known.
func DuplicateNames(accepted bool) Option {
	return quirk(func(q *quirks) { q.duplicateNames = &accepted })
}

// DefaultInstance puts a BGP instance named `default` on a router of 7.20 or newer. A clean one has none
// (routeros-v6-to-v7.md §3), an upgraded one may.
func DefaultInstance(present bool) Option {
	return quirk(func(q *quirks) { q.defaultInstance = present })
}

// DefaultTemplate says whether a v7 router has the BGP template `default`. It has, by default.
func DefaultTemplate(present bool) Option {
	return quirk(func(q *quirks) { q.noDefaultTemplate = !present })
}

// DefaultTemplateRemovable says whether the template `default` can be removed. By default it can from 7.20 on, where
// a script was seen to do it.
func DefaultTemplateRemovable(yes bool) Option {
	return quirk(func(q *quirks) { keep := !yes; q.keepTemplate = &keep })
}

// ShowSensitive makes 7.21 and newer print secrets without `show-sensitive`. The changelog of 7.21 says that they are
// hidden by default; whether that holds for the API is unverified.
func ShowSensitive() Option { return quirk(func(q *quirks) { q.showSensitive = true }) }

// OmitSecrets makes 7.21 and newer leave secrets out of a print that did not ask for them, where the default prints
// `*****`. The changelog of 7.21 does not say how they are hidden.
func OmitSecrets() Option { return quirk(func(q *quirks) { q.omitSecrets = true }) }

// ReuseIDs makes the highest id of a menu available again once its row is removed, as might happen after a reboot. By
// default ids only grow.
func ReuseIDs() Option { return quirk(func(q *quirks) { q.reuseIDs = true }) }

// LongMissingText words the refusal of a missing argument as the console does, `missing value(s) of argument(s)
// instance local.role`, and not as the API is believed to, `missing =instance=`.
func LongMissingText() Option { return quirk(func(q *quirks) { q.longMissing = true }) }

// NoCategory leaves `=category=` out of every trap, as in many captures.
func NoCategory() Option { return quirk(func(q *quirks) { q.noCategory = true }) }

// RefuseRemoveInUse refuses to remove what other objects refer to. By default the removal succeeds, the reference
// reads as the id of what is gone and a v7 connection becomes inactive.
func RefuseRemoveInUse() Option { return quirk(func(q *quirks) { q.refuseInUse = true }) }

// DynamicAtEnd puts dynamic rows of ordered menus behind the static ones. By default they stand on top.
func DynamicAtEnd() Option { return quirk(func(q *quirks) { q.dynamicAtEnd = true }) }

// NoSessions is a world in which no BGP neighbour answers. By default each enabled and valid peer is established.
func NoSessions() Option { return quirk(func(q *quirks) { q.noSessions = true }) }

// EstablishedFalse prints `established=false` on a v6 peer or a v7 session that is not; by default the property is
// absent.
func EstablishedFalse() Option { return quirk(func(q *quirks) { q.establishedFalse = true }) }

// GhostSession adds a v7 session without name and address, as was seen while one is torn down.
func GhostSession() Option { return quirk(func(q *quirks) { q.ghostSession = true }) }

// CloseAfterFailedLogin closes the connection after a refused login. By default it stays open for another try.
func CloseAfterFailedLogin() Option { return quirk(func(q *quirks) { q.closeFailedLogin = true }) }

// RefusePrintByID answers `print =.id=*1` with `unknown parameter .id`. By default it prints that row, like the
// console's `print from=*1`.
func RefusePrintByID() Option { return quirk(func(q *quirks) { q.refusePrintByID = true }) }

// EmptyComments prints `comment=` on rows without comment. By default the property is absent.
func EmptyComments() Option { return quirk(func(q *quirks) { q.emptyComments = true }) }

// NoNATLog makes v6 refuse `log`, `log-prefix` and `address-list-timeout` on NAT rules. Users of other providers
// reported them as incompatible (terraform-routeros issues 418 and 431) without the router's answer.
func NoNATLog() Option { return quirk(func(q *quirks) { q.noNATLog = true }) }

// RefuseEmpty refuses an empty value for what can be unset, as was seen of `protocol=`. By default matchers of ports and
// addresses stay behind empty, as was seen of `dst-port=` (routeros-api.md §8).
func RefuseEmpty() Option { return quirk(func(q *quirks) { q.refuseEmpty = true }) }

// OtherTexts words two refusals as some captures have them: `failure: item with such name already exists` and
// `no such item (4)`. By default they are `failure: already have such entry` and `no such item`.
func OtherTexts() Option { return quirk(func(q *quirks) { q.otherTexts = true }) }

// PlainAbout calls the reason why a v7 object is inactive `about`, as the console's completion does. By default it is
// `.about`, as seen in REST.
func PlainAbout() Option { return quirk(func(q *quirks) { q.plainAbout = true }) }

// AbsentFlags leaves out read-only flags that are false: `inactive`, `invalid`, `dynamic`. By default menus that were
// seen to print them do.
func AbsentFlags() Option { return quirk(func(q *quirks) { q.absentFlags = true }) }

// InlineInstances makes an upgrade from RouterOS 6 write what an instance says onto each of its connections, and make no
// template. By default it becomes a template of the same name, to which the connections refer: many public
// configurations have the untouched v6 instance as `set default as=65530 … output.network=bgp-networks` there.
func InlineInstances() Option { return quirk(func(q *quirks) { q.inlineInstances = true }) }

// FirstInstanceDefault makes an upgrade to 7.20 call the first instance that it makes `default`. By default it is
// bgp-instance-1. Both names were seen (routeros-v6-to-v7.md §4).
func FirstInstanceDefault() Option { return quirk(func(q *quirks) { q.firstIsDefault = true }) }

// KeepIDs makes an upgrade leave the ids as they are. By default it numbers all rows anew, in their order
// (routeros-api.md §7).
func KeepIDs() Option { return quirk(func(q *quirks) { q.keepIDs = true }) }

// VerbatimMatchers reads back the matchers of a NAT rule that have a grammar of their own (limit, time, icmp-options …)
// as they were written. By default they read back in full and in the router's own spelling, as exports have them.
func VerbatimMatchers() Option { return quirk(func(q *quirks) { q.verbatimMatchers = true }) }

// TidySets reads back ports in rising order with ranges joined, and a range of addresses that is a network as that
// network. By default both stay as they were written (routeros-api.md §8, [inf]).
func TidySets() Option { return quirk(func(q *quirks) { q.tidySets = true }) }
