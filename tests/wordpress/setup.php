<?php
// Installs WordPress as an office would: permalinks like the section's addresses, Hanoi's time, an editor for bantin.
define( 'WP_INSTALLING', true );
require __DIR__ . '/html/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Cải cách hành chính Hà Nội', 'quantri', 'quantri@example.vn', true, '', 'mat-khau-quan-tri-9' );
update_option( 'timezone_string', 'Asia/Ho_Chi_Minh' );
update_option( 'permalink_structure', '/%year%/%monthnum%/%postname%.html' );
switch_theme( 'twentytwentythree' );
flush_rewrite_rules();
$passwords = array();
foreach ( array( 'editor', 'subscriber' ) as $role ) {
	$user = wp_insert_user( array( 'user_login' => $role, 'user_pass' => wp_generate_password(), 'role' => $role ) );
	$passwords[ $role ] = WP_Application_Passwords::create_new_application_password( $user, array( 'name' => 'bantin' ) )[0];
}
echo json_encode( $passwords );
